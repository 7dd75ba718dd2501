import type { Mail } from '@image-organizer/adapters/mailer/mailer';
import escapeHtml from 'escape-html';
import type { Envelope } from './mailing.ts';

interface Request extends Envelope {
  to: string;
  /** Shown as it is, for who has no browser at hand. */
  token: string;
  /** Of the mail; says nothing of the token. */
  id: string;
}

export const resetMail = ({ to, token, id, from, publicUrl }: Request): Mail =>
  mailOf({
    ...{ to, from, publicUrl, id: `password-reset.${id}` },
    subject: 'A new password',
    lines: [
      'Somebody, we hope it was you, asked for a new password here. Choose it within the hour:',
      `${publicUrl}/reset?token=${token}`,
      'Or on the command line:',
      `curl ${publicUrl}/password-reset/confirm --json '{"token": "${token}", "password": "…"}'`,
      'If it was not you, do nothing: the password stays as it is.',
    ],
  });

export const inviteMail = ({ to, token, id, from, publicUrl }: Request): Mail =>
  mailOf({
    ...{ to, from, publicUrl, id: `invite.${id}` },
    subject: 'An account for you',
    lines: [
      'You are invited to Image Organizer. Choose a password within a week:',
      `${publicUrl}/register?invite=${token}`,
      'Or on the command line:',
      `curl ${publicUrl}/register --json '{"email": "${to}", "password": "…", "invite": "${token}"}'`,
    ],
  });

interface Text extends Envelope {
  to: string;
  id: string;
  subject: string;
  lines: string[];
}

function mailOf({ to, from, publicUrl, id, subject, lines }: Text): Mail {
  const paragraphs = lines.map((line) =>
    line.startsWith('http') ? `<a href="${escapeHtml(line)}">${escapeHtml(line)}</a>` : escapeHtml(line),
  );
  return {
    messageId: `${id}@${new URL(publicUrl).hostname}`,
    from,
    to,
    subject,
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><body style="font-family:sans-serif">
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n')}
</body></html>`,
  };
}
