import { setTimeout as sleep } from 'node:timers/promises';
import { MailRefusedError, type Mail, type Mailer } from '@image-organizer/adapters/mailer/mailer';
import { within } from '@image-organizer/adapters/within';
import { messageOf } from '@image-organizer/platform/errors';
import type { Log } from '@image-organizer/platform/log';
import { TooBusyError } from './errors.ts';

/** What is in every mail. */
export interface Envelope {
  from: string;
  /** https://images.example, without a slash at its end. */
  publicUrl: string;
}

/** Sends mails behind the answer to whoever caused them. */
export interface Mailing {
  envelope(): Envelope;
  /**
   * Returns at once. Makes the mail and sends it; where either fails, again, for an hour. A process that ends earlier
   * loses it, and says so in the log: it has to be asked for anew.
   * @param make undefined: there is nothing to send. @throws TooBusyError when too many wait already
   */
  send(make: () => Promise<Mail | undefined>): void;
  /** Gives up what waits for another try; what is on its way has five seconds. */
  stop(): Promise<void>;
}

interface Dependencies {
  mailer: Mailer;
  envelope: () => Envelope;
  log: Log;
  /** Pauses between tries in milliseconds; the last counts for all further ones. */
  pausesMs?: number[];
  giveUpAfterMs?: number;
}

const mostWaiting = 1_000;
const stopMs = 5_000;

export function createMailing({
  mailer,
  envelope,
  log,
  pausesMs = [1_000, 5_000, 15_000, 60_000],
  giveUpAfterMs = 60 * 60 * 1000,
}: Dependencies): Mailing {
  const waiting = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function sendUntilDone(make: () => Promise<Mail | undefined>): Promise<void> {
    const deadline = performance.now() + giveUpAfterMs;
    let mail: Mail | undefined;
    for (let attempt = 0; ; attempt += 1) {
      try {
        mail ??= await make();
        return mail && (await mailer.send(mail));
      } catch (error) {
        if (error instanceof MailRefusedError || performance.now() > deadline) throw error;
        log.warn({ reason: messageOf(error), attempt: attempt + 1 }, 'a mail could not be sent yet');
      }
      await sleep(pausesMs[Math.min(attempt, pausesMs.length - 1)], undefined, { signal: stopping.signal });
    }
  }

  return {
    envelope,
    send(make) {
      if (waiting.size >= mostWaiting) throw new TooBusyError();
      const sending = sendUntilDone(make)
        .catch((err: unknown) => log.error({ reason: messageOf(err) }, 'a mail was not sent'))
        .finally(() => waiting.delete(sending));
      waiting.add(sending);
    },
    async stop() {
      stopping.abort(new Error('the process ends'));
      await within(Promise.all(waiting), stopMs).catch(() => {}); // closing the mailer ends what hangs
    },
  };
}
