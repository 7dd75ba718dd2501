/** What is printed once the server is ready: where it is, and three commands to try. */
export function welcome(options: {
  url: string;
  dataDirectory: string;
  inboxDirectory: string;
  email: string;
  /** Only right after it was made: it is never shown again. */
  madePassword: string | null;
  readyMs: number;
}): string {
  const { url, dataDirectory, inboxDirectory, email, madePassword, readyMs } = options;
  const password = madePassword ?? 'YOUR_PASSWORD';
  const account = madePassword
    ? `The first account was made. Its password is shown this once:\n\n  email     ${email}\n  password  ${madePassword}\n\n`
    : '';
  return `Image Organizer is ready at ${url} (${(readyMs / 1000).toFixed(1)} s). Everything is kept in ${dataDirectory}

${account}Try it:

  TOKEN=$(curl -s -X POST ${url}/login -u '${email}:${password}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -F 'file=@e2e/samples/receipt-diner.jpg' -H "Authorization: Bearer $TOKEN" ${url}/upload
  curl -H "Authorization: Bearer $TOKEN" ${url}/api/images

A whole folder:  IO_URL=${url} IO_EMAIL='${email}' scripts/upload-folder.sh FOLDER
Or drop images:  ${inboxDirectory}
Emails: ${dataDirectory}/mail   Library: ${dataDirectory}/library   Stop: Ctrl-C
`;
}
