/** Where the fault tests' preloaded module (e2e/support/crash-hook.ts) puts its hook. */
export const crashHook = Symbol.for('image-organizer.crash-hook');

export type CrashHook = (name: string, subject: string) => void;

/**
 * A named point of the delivery protocol at which the fault tests end the process. Without their hook, that is always
 * but in those tests, it does nothing.
 * @param subject the id of what is worked on
 */
export function crashPoint(name: string, subject = ''): void {
  (globalThis as { [crashHook]?: CrashHook })[crashHook]?.(name, subject);
}
