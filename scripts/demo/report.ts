import type { Image } from '@image-organizer/contracts/http/image';
import type { UploadAnswer } from '@image-organizer/contracts/http/upload';

const cut = (line: string, width: number) => (line.length > width ? `${line.slice(0, width - 1)}…` : line);
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function columns(rows: [left: string, right: string][], width: number): string[] {
  const first = Math.min(Math.max(0, ...rows.map(([left]) => left.length)), 36);
  return rows.map(([left, right]) => cut(`    ${left.padEnd(first)}  ${oneLine(right)}`, width));
}

/** @returns folders in order of their names, under each its files with the reason why they are there */
export function folderTree(images: Image[], width: number): string[] {
  const placed = images.filter(({ placement }) => placement !== null);
  const folders = Map.groupBy(placed, ({ placement }) => placement!.folder);
  return [...folders.keys()].sort().flatMap((folder) => {
    const files = folders.get(folder)!;
    const rows = files.map(({ placement }): [string, string] => [
      placement!.filename,
      `${Math.round(placement!.confidence * 100)} %${placement!.needsReview ? ', to review' : ''}: ${placement!.reason}`,
    ]);
    return [cut(`  ${folder}/  (${files.length})`, width), ...columns(rows.sort(), width)];
  });
}

/** Those of which nothing became, with the reason that the stage gave which failed. */
export function failures(images: Image[], width: number): string[] {
  const failed = images.filter(({ status }) => status === 'failed');
  const reason = ({ stages }: Image) =>
    Object.values(stages).find(({ error }) => error)?.error?.detail ?? 'no reason given';
  return columns(
    failed.map((image) => [image.filename, reason(image)]),
    width,
  );
}

export const refusals = (refused: UploadAnswer['refused'], width: number): string[] =>
  columns(
    refused.map(({ filename, detail }) => [filename, detail]),
    width,
  );
