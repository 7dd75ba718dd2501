import { z } from 'zod';
import type { EventDefinition } from './define-event.ts';

/** What travels on the bus around an event's data. */
export const envelopeSchema = z.object({
  /** The same for every publication of one outbox entry: the broker's messageId. */
  id: z.uuid(),
  name: z.string(),
  version: z.int().positive(),
  occurredAt: z.iso.datetime(),
  /** The HTTP request that began it, for logs. */
  requestId: z.string().nullable(),
  /** The trace that it was recorded in, W3C Trace Context; missing where there is none. */
  traceparent: z.string().optional(),
  data: z.unknown(),
});
export type Envelope = z.output<typeof envelopeSchema>;

export class EventShapeError extends Error {
  override name = 'EventShapeError';
}

/**
 * Reads one message body as `event`.
 * @throws EventShapeError saying what is wrong: no JSON, another event, an unknown version, another shape.
 */
export function parseEvent<Data>(
  event: EventDefinition<string, Data>,
  body: string,
): Envelope & { data: Data } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new EventShapeError(`the message is no JSON: ${body.slice(0, 80)}`);
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success)
    throw new EventShapeError(`not an event envelope: ${z.prettifyError(envelope.error)}`);
  const { name, version, data } = envelope.data;
  if (name !== event.name) throw new EventShapeError(`expected ${event.name}, got ${name}`);
  if (version !== event.version) {
    throw new EventShapeError(
      `${name} version ${version} is unknown here; this service reads version ${event.version}`,
    );
  }
  const parsed = event.schema.safeParse(data);
  if (!parsed.success) throw new EventShapeError(`${name}: ${z.prettifyError(parsed.error)}`);
  return { ...envelope.data, data: parsed.data };
}
