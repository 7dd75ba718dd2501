import { z } from 'zod';

/** The stages an image goes through, in order. Service: extract = ocr, classify = classifier, organize = organizer. */
export const stageNames = ['extract', 'classify', 'organize'] as const;
export const stageName = z.enum(stageNames);
export type StageName = z.output<typeof stageName>;

export const stageStatus = z.enum(['pending', 'running', 'done', 'failed']);
export type StageStatus = z.output<typeof stageStatus>;

/** What a client sees of an image's progress. */
export const imageStatus = z.enum(['queued', 'processing', 'organized', 'failed']);
export type ImageStatus = z.output<typeof imageStatus>;

/** Two lanes, so that a bulk import does not starve a person who waits for one image. */
export const lane = z.enum(['interactive', 'bulk']);
export type Lane = z.output<typeof lane>;

/** What went wrong, in words a person understands, with a code a program can test. */
export const failure = z.object({ code: z.string(), detail: z.string() });
export type Failure = z.output<typeof failure>;

/** The renditions made of every image; `small` and `medium` are thumbnails. */
export const renditionNames = ['small', 'medium', 'compressed'] as const;
export type RenditionName = (typeof renditionNames)[number];
