import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Keys whose values never reach a log line, wherever in the object they stand. */
const secrets = [
  'password',
  'accessToken',
  'refreshToken',
  'token',
  'signature',
  'authorization',
  'cookie',
  'text',
];

/** Structured logs, one JSON object per line, to stderr unless told otherwise. */
export function createLog(options: { service: string; level: string; destination?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secrets.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    },
    options.destination ?? pino.destination({ fd: 2, sync: false }),
  );
}

/** For tests and benchmarks. */
export const silentLog = (): Log => pino({ level: 'silent' });
