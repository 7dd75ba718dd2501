import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventShapeError, parseEvent } from './envelope.ts';
import { events, queues } from './topology.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8');

describe('events', () => {
  it.each(events.map((event) => [event.name, event] as const))(
    '%s: its fixture is read as it is written',
    (name, event) => {
      const body = fixture(name);
      expect(parseEvent<unknown>(event, body)).toEqual(JSON.parse(body));
    },
  );

  it('names every queue after its service and event, once', () => {
    const names = Object.values(queues).map((queue) => queue.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('ocr.image-uploaded');
  });

  const uploaded = () => JSON.parse(fixture('image.uploaded')) as Record<string, unknown>;
  it.each([
    ['no JSON', 'hello', /no JSON/],
    ['no envelope', '{}', /not an event envelope/],
    ['another event', fixture('batch.completed'), /expected image.uploaded, got batch.completed/],
    ['an unknown version', JSON.stringify({ ...uploaded(), version: 9 }), /version 9 is unknown/],
    ['another shape', JSON.stringify({ ...uploaded(), data: { imageId: 'x' } }), /imageId/],
  ])('When a message is %s, then the error says so.', (_case, body, message) => {
    expect(() => parseEvent(events[0], body)).toThrow(EventShapeError);
    expect(() => parseEvent(events[0], body)).toThrow(message);
  });
});
