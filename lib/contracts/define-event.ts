import { z } from 'zod';

/** An event: a fact in the past tense that carries ids, never bytes. */
export interface EventDefinition<Name extends string = string, Data = unknown> {
  /** Routing key on the bus. */
  readonly name: Name;
  /** Raised when the shape changes incompatibly; a consumer refuses versions it does not know. */
  readonly version: number;
  readonly schema: z.ZodType<Data>;
}

export type EventData<Event> = Event extends EventDefinition<string, infer Data> ? Data : never;

export function defineEvent<const Name extends string, Shape extends z.ZodRawShape>(
  name: Name,
  shape: Shape,
  version = 1,
): EventDefinition<Name, z.output<z.ZodObject<Shape>>> {
  return { name, version, schema: z.object(shape) };
}
