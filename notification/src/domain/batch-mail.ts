import escapeHtml from 'escape-html';
import type { BatchRecord, ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { Mail } from '@image-organizer/adapters/mailer/mailer';
import type { Links } from './links.ts';

/** A mail lists this many images; the rest is behind the batch's link. */
export const imagesPerMail = 100;

export interface BatchMailRequest {
  batch: BatchRecord;
  /** The import whose batch it is; undefined: an upload. */
  imported: ImportRecord | undefined;
  /** At most `imagesPerMail`. */
  images: ImageRecord[];
  links: Links;
  from: string;
  /** The part of the Message-ID behind the @. */
  domain: string;
  linkDays: number;
}

/** The one mail about one upload: where each image went, why, and links to download it. */
export function batchMail({
  batch,
  imported,
  images,
  links,
  from,
  domain,
  linkDays,
}: BatchMailRequest): Mail {
  const summary = summaryOf(batch);
  const sections = sectionsOf(images);
  const more = batch.total - images.length;
  const notes = [
    ...(imported ? importNotes(imported, links) : []),
    ...(more > 0 ? [`… and ${more} more: ${links.batch(batch.id)}`] : []),
    `The links work for ${linkDays} days, for whoever has them.`,
  ];
  return {
    messageId: `batch.${batch.id}@${domain}`,
    from,
    to: batch.ownerEmail,
    subject: summary,
    text: [summary, '', ...sections.flatMap((section) => textOf(section, links)), ...notes, ''].join('\n'),
    html: `<!doctype html><html lang="en"><body style="font-family:sans-serif"><h1 style="font-size:1.2em">${escapeHtml(summary)}</h1>
${sections.map((section) => htmlOf(section, links)).join('\n')}
${notes.map((note) => `<p>${linked(note)}</p>`).join('\n')}
</body></html>`,
  };
}

/** What its images do not tell: rows of which nothing came, and where the CSV with the links is. */
function importNotes({ id, filename, rows: { total, failed } }: ImportRecord, links: Links): string[] {
  const failures =
    failed > 0
      ? [`${failed} of its ${total} rows gave no image. To mend and send again: ${links.importErrors(id)}`]
      : [];
  return [`${filename} with links to the compressed images: ${links.importOutput(id)}`, ...failures];
}

const count = (n: number) => (n === 1 ? '1 image' : `${n} images`);

function summaryOf({ total, organized, failed }: BatchRecord): string {
  if (failed === 0) return `${count(total)} organised`;
  return `${organized} of ${count(total)} organised, ${failed} failed`;
}

interface Section {
  title: string;
  images: ImageRecord[];
}

function sectionsOf(images: ImageRecord[]): Section[] {
  const byFolder = Object.groupBy(images, (image) => image.placement?.folder ?? '');
  const { '': failed, ...placed } = byFolder;
  const folders = Object.entries(placed).toSorted(([a], [b]) => a.localeCompare(b));
  return [
    ...folders.map(([folder, its]) => ({ title: folder, images: its ?? [] })),
    ...(failed ? [{ title: 'Failed', images: failed }] : []),
  ];
}

/** Why it is where it is, or what went wrong. */
function noteOf(image: ImageRecord): string {
  if (image.placement) return image.placement.reason;
  const failed = Object.values(image.stages).find((stage) => stage.status === 'failed');
  return failed?.error?.detail ?? 'It is on its way again.';
}

const nameOf = (image: ImageRecord) => image.placement?.filename ?? image.filename;

const textOf = ({ title, images }: Section, links: Links): string[] => [
  title,
  ...images.flatMap((image) => [
    `- ${nameOf(image)}: ${noteOf(image)}`,
    `  ${links.original(image.id)}`,
    ...(image.text ? [`  text: ${links.text(image.id)}`] : []),
  ]),
  '',
];

const htmlOf = ({ title, images }: Section, links: Links): string =>
  `<h2 style="font-size:1em">${escapeHtml(title)}</h2><ul>${images
    .map((image) => {
      const text = image.text ? ` · <a href="${escapeHtml(links.text(image.id))}">text</a>` : '';
      return `<li><a href="${escapeHtml(links.original(image.id))}">${escapeHtml(nameOf(image))}</a>${text}<br><small>${escapeHtml(noteOf(image))}</small></li>`;
    })
    .join('')}</ul>`;

const linked = (note: string) =>
  escapeHtml(note).replace(/https?:\/\/\S+/, (url) => `<a href="${url}">${url}</a>`);
