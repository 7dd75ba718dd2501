import { z } from 'zod';

/** Made of queue and error: the same for the same failure, today and tomorrow. */
const groupId = z.string().regex(/^[0-9a-f]{16}$/);

const deadLetterGroup = z
  .object({
    id: groupId,
    queue: z.string(),
    /** The reason without what differs from message to message: `OCR_FAILED: page … of …`. */
    error: z.string(),
    /** Where the reason begins with one. */
    code: z.string().nullable(),
    count: z.int(),
    /** When the events of the oldest and of the newest occurred; null where none can be read. */
    oldestAt: z.iso.datetime().nullable(),
    newestAt: z.iso.datetime().nullable(),
    /** Ids of the oldest messages. */
    sampleIds: z.array(z.string()),
  })
  .meta({ id: 'DeadLetterGroup' });
export type DeadLetterGroup = z.output<typeof deadLetterGroup>;

/** Answer of GET /api/admin/dead-letters, the largest group first. */
export const deadLetterGroups = z.object({
  items: z.array(deadLetterGroup),
  nextCursor: z.null(),
  /** Of the oldest this many the groups are made. */
  looked: z.int(),
  /** So many there are. */
  total: z.int(),
});
export type DeadLetterGroups = z.output<typeof deadLetterGroups>;

const deadLetter = z
  .object({
    /** Of the message. */
    id: z.string(),
    queue: z.string(),
    event: z.string(),
    reason: z.string(),
    /** Null where the message cannot be read. */
    occurredAt: z.iso.datetime().nullable(),
    requestId: z.string().nullable(),
    /** Whose work it was; null where the message is about no image or no batch. */
    imageId: z.string().nullable(),
    batchId: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterView = z.output<typeof deadLetter>;

export const deadLetterGroupParams = z.object({ group: groupId });

export const deadLetterQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** How many to pass over; what is retried or discarded meanwhile shifts the pages. */
  cursor: z
    .string()
    .regex(/^\d{1,6}$/)
    .optional(),
});

/** Answer of GET /api/admin/dead-letters/{group}, oldest first. */
export const deadLetterList = z.object({ items: z.array(deadLetter), nextCursor: z.string().nullable() });
export type DeadLetterList = z.output<typeof deadLetterList>;

/** Which are meant: body of POST /api/admin/dead-letters/retry and …/discard. */
export const deadLetterSelection = z
  .strictObject({
    group: groupId.optional(),
    /** Of messages; where one lies in several queues, all of it is meant. */
    ids: z.array(z.string().min(1).max(255)).min(1).max(1_000).optional(),
    all: z.literal(true).optional(),
  })
  .refine((selection) => Object.keys(selection).length === 1, 'name one of group, ids and all');
export type DeadLetterSelection = z.output<typeof deadLetterSelection>;

/** `more`: there may be more of them, one call ends at most 1,000. */
const more = z.boolean();
export const retryDeadLettersAnswer = z.object({ retried: z.int(), more });
export const discardDeadLettersAnswer = z.object({ discarded: z.int(), more });
