export interface Mail {
  /** Stable: the same mail sent again has the same, so that a mailbox shows it once. Without angle brackets. */
  messageId: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** The server will never take this mail (a 5xx answer): trying again is useless. */
export class MailRefusedError extends Error {
  override name = 'MailRefusedError';
}

/** Sends mail. Adapters: eml-files, smtp. `describeMailer` (lib/testing) is the specification. */
export interface Mailer {
  /**
   * Resolves once the mail is handed over for good.
   * @throws MailRefusedError when it never will be; any other error is worth another try, and may then send it twice
   */
  send(mail: Mail): Promise<void>;
  waitingFor(): string[];
  close(): Promise<void>;
}
