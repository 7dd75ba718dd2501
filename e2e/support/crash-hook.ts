/**
 * Preloaded by `node --import` into the service under test: ends the process with SIGKILL the first time that it comes to
 * the point CRASH_AT. "First" outlives the process: CRASH_MARK is a file that is made just before. With CRASH_SUBJECT
 * instead it ends every time, but only for that id.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { crashHook, type CrashHook } from '../../lib/platform/crash-point.ts';

const { CRASH_AT: wanted, CRASH_MARK: mark, CRASH_SUBJECT: wantedSubject } = process.env;

function isWanted(name: string, subject: string): boolean {
  if (name !== wanted) return false;
  if (wantedSubject) return subject === wantedSubject;
  return mark !== undefined && !existsSync(mark);
}

(globalThis as { [crashHook]?: CrashHook })[crashHook] = (name, subject) => {
  if (!isWanted(name, subject)) return;
  if (mark) writeFileSync(mark, name, { flush: true });
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // nothing more is done before the signal arrives
};
