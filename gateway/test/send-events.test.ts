import { Writable } from 'node:stream';
import { until } from '@image-organizer/testing/until';
import type { LiveMessage } from '../src/domain/live-stream.ts';
import { sendEvents } from '../src/http/send-events.ts';

const message: LiveMessage = { id: '1.a', events: [{ event: 'ready', data: {} }] };

/** A client that takes what is written when the test lets it, and a stream that counts what is taken from it. */
function aClient() {
  let text = '';
  let take: (() => void) | undefined;
  let isReading = false;
  const stream = new Writable({
    highWaterMark: 200,
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (isReading) done();
      else take = done;
    },
  });
  return {
    stream,
    text: () => text,
    reads() {
      isReading = true;
      take?.();
    },
  };
}

/** Messages without end; how many were taken. */
function endless() {
  let taken = 0;
  let ended = false;
  async function* messages() {
    try {
      for (;;) {
        taken += 1;
        yield message;
        await new Promise(setImmediate);
      }
    } finally {
      ended = true;
    }
  }
  return { messages: messages(), taken: () => taken, ended: () => ended };
}

const goOn = async () => true;

it('When a client reads slowly, then no more is taken for it than it has room for', async () => {
  const client = aClient();
  const source = endless();
  const stop = new AbortController();
  const sending = sendEvents(client.stream, source.messages, { mayGoOn: goOn, signal: stop.signal });
  await until(() => client.stream.writableNeedDrain);
  const taken = source.taken();
  expect(taken).toBeLessThan(10);
  await until(() => client.stream.listenerCount('drain') > 0);
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  expect(source.taken()).toBe(taken);
  client.reads();
  await until(() => source.taken() > taken + 10);
  stop.abort();
  await sending;
  expect(client.stream.writableEnded).toBe(true);
  expect(source.ended()).toBe(true);
});

it('When the server stops while a client is stuck, then the stream is cut and not waited for', async () => {
  const client = aClient();
  const source = endless();
  const stop = new AbortController();
  const sending = sendEvents(client.stream, source.messages, { mayGoOn: goOn, signal: stop.signal });
  await until(() => client.stream.listenerCount('drain') > 0);
  stop.abort();
  await sending;
  expect(client.stream.destroyed).toBe(true);
  expect(source.ended()).toBe(true);
});

it('When it may not go on, then nothing more is written', async () => {
  const client = aClient();
  client.reads();
  let asked = 0;
  const mayGoOn = async () => (asked += 1) <= 2;
  const { signal } = new AbortController();
  await sendEvents(client.stream, endless().messages, { mayGoOn, signal });
  expect(client.text()).toBe('retry: 2000\n\n' + 'id: 1.a\nevent: ready\ndata: {}\n\n'.repeat(2));
  expect(client.stream.writableEnded).toBe(true);
});

it('When a message has several events, then its last one carries the id; one without any is not sent', async () => {
  const client = aClient();
  client.reads();
  async function* messages(): AsyncGenerator<LiveMessage> {
    yield { id: '1.b', events: [...message.events, { event: 'reset', data: {} }] };
    yield { id: '1.c', events: [] };
  }
  await sendEvents(client.stream, messages(), { mayGoOn: goOn, signal: new AbortController().signal });
  expect(client.text()).toBe('retry: 2000\n\nevent: ready\ndata: {}\n\nid: 1.b\nevent: reset\ndata: {}\n\n');
});
