/** How many living images were uploaded on each day (UTC, `2026-11-21`). */
export type UploadDays = Readonly<Record<string, number>>;

const dayMs = 86_400_000;

export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/**
 * The time in which the first `images` of a list by date were uploaded, by whole days, as a condition that an index is read
 * by: for servers that sort all there is before they give the first page (FerretDB). What was uploaded since the days
 * were counted is in it, for a list that begins with the newest.
 * @param list.after where the list goes on
 * @returns undefined: at all times
 */
export function uploadedWithin(
  days: UploadDays,
  images: number,
  { descending, after }: { descending: boolean; after?: Date | undefined },
): { uploadedAt: { $gte: Date } | { $lt: Date } } | undefined {
  const from = after && dayOf(after);
  const ahead = Object.keys(days)
    .filter((day) => !from || (descending ? day < from : day > from)) // of the day itself part is past
    .sort();
  if (descending) ahead.reverse();
  let counted = 0;
  for (const day of ahead) {
    counted += days[day]!;
    const start = Date.parse(day);
    if (counted >= images)
      return { uploadedAt: descending ? { $gte: new Date(start) } : { $lt: new Date(start + dayMs) } };
  }
  return undefined;
}
