/** Older points than this are not gone on from: to load the lists anew is less than to be told of a whole day. */
const longestMs = 24 * 3_600_000;
/** Clocks of gateways differ. */
const skewMs = 60_000;

/** Up to when a client was told of its owner's changes, as an event's id: opaque to clients. */
export const cursorOf = (toldUntil: Date): string => `1.${toldUntil.getTime().toString(36)}`;

/** @returns undefined where it cannot be told what changed since: the id is none of ours, or too old */
export function readCursor(id: string, now: Date): Date | undefined {
  const digits = /^1\.([0-9a-z]{1,9})$/.exec(id)?.[1];
  if (digits === undefined) return undefined;
  const time = Number.parseInt(digits, 36);
  const ageMs = now.getTime() - time;
  return ageMs <= longestMs && ageMs >= -skewMs ? new Date(time) : undefined;
}
