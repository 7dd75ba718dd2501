import { messageOf } from '@image-organizer/platform/errors';

/** What nodemailer rejects with. `command`: the step it happened at. */
interface SmtpError {
  code?: string;
  command?: string;
  responseCode?: number;
}

const of = (error: unknown): SmtpError => error ?? {};

/** "Authentication required", "wrong credentials" and their like (RFC 4954 §6): settings, whatever step they come at. */
const settingsCodes = new Set([530, 534, 535, 538]);
const mailSteps = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

/** The server says 5xx to this very mail. At any other step a 5xx is about the connection or the settings. */
export function isRefusal(error: unknown): boolean {
  const { command = '', responseCode = 0 } = of(error);
  return mailSteps.has(command) && responseCode >= 500 && !settingsCodes.has(responseCode);
}

/** A 4xx to this very mail (a mailbox that is full, greylisting) says nothing against the server. */
export function isAboutTheMail(error: unknown): boolean {
  const { command = '', responseCode = 0 } = of(error);
  return (
    mailSteps.has(command) && responseCode >= 400 && responseCode !== 421 && !settingsCodes.has(responseCode)
  );
}

/** Addresses that nodemailer itself will not send; no server was asked. */
export const isUnsendable = (error: unknown) => of(error).code === 'EENVELOPE' && of(error).command === 'API';

const reasons: [RegExp, string][] = [
  [/ECONNREFUSED/, 'connection refused'],
  [/EDNS|ENOTFOUND|EAI_AGAIN/, 'host name unknown'],
  [/ETIMEDOUT/, 'no answer'],
  [/EAUTH/, 'wrong user or password'],
];

/** What is wrong with the server, in words and without a secret. */
export function smtpReasonOf(error: unknown): string {
  const { code = '', responseCode } = of(error);
  if (responseCode !== undefined && settingsCodes.has(responseCode)) return 'wrong user or password';
  const text = `${code} ${messageOf(error)}`;
  return reasons.find(([pattern]) => pattern.test(text))?.[1] ?? messageOf(error);
}
