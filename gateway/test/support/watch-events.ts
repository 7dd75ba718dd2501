import { liveEvent, type LiveEvent } from '@image-organizer/contracts/http/live-event';
import { until } from '@image-organizer/testing/until';

export type Watch = Awaited<ReturnType<typeof watchEvents>>;

/** Opens GET /api/events and reads it until it ends or is closed. @throws where an event is not as the contract has it */
export async function watchEvents(
  url: string,
  token: string,
  { lastEventId, query = '' }: { lastEventId?: string | undefined; query?: string } = {},
) {
  const closing = new AbortController();
  const response = await fetch(`${url}/api/events${query}`, {
    headers: {
      Authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    },
    signal: closing.signal,
  });
  const events: LiveEvent[] = [];
  let lastId: string | undefined;

  function take(block: string) {
    const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data !== undefined)
      events.push(liveEvent.parse({ event: fields.get('event'), data: JSON.parse(data) }));
  }
  async function read() {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop()!;
      blocks.forEach(take);
    }
  }
  const ended = read().catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });
  const isThere = (id: string, expected: object) =>
    events.some(({ data }) => 'id' in data && data.id === id && includes(data, expected));

  return {
    response,
    events,
    ended,
    lastId: () => lastId,
    ready: () => until(() => events.length > 0),
    /** Resolves when an event of this image or batch has told this. */
    told: (id: string, expected: object = {}) => until(() => isThere(id, expected)),
    /** Of this image or batch, what was told. */
    of: (id: string) => events.map(({ data }) => data).filter((data) => 'id' in data && data.id === id),
    async close() {
      closing.abort();
      await ended;
    },
  };
}

const includes = (data: object, expected: object) =>
  Object.entries(expected).every(([name, value]) => data[name as keyof typeof data] === value);
