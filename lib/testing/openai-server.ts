import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What of a chat completion's request tests look at. */
export interface ChatRequest {
  authorization: string | undefined;
  body: {
    model: string;
    messages: {
      role: string;
      content: string | { type: string; text?: string; image_url?: { url: string } }[];
    }[];
    response_format?: { type: string; json_schema?: { strict: boolean; schema: JsonSchema } };
    max_tokens?: number;
    max_completion_tokens?: number;
  };
}

interface JsonSchema {
  properties: Record<string, { enum?: string[] }>;
  required: string[];
}

/** What the server does with one request. */
export type ChatBehaviour =
  /** Says so; anything but a string as JSON. */
  | { kind: 'answer'; content: unknown; usage?: { prompt_tokens: number; completion_tokens: number } | null }
  /** An error as OpenAI words it. */
  | { kind: 'status'; status: number; message?: string; headers?: Record<string, string> }
  /** Takes the request and says nothing. */
  | { kind: 'hang' }
  /** Half of an answer's bytes, then silence or the end of the connection. */
  | { kind: 'half'; then: 'hang' | 'drop' };

export interface OpenAiServer {
  /** Up to and with `/v1`. */
  readonly url: string;
  /** In the order they came. */
  readonly requests: ChatRequest[];
  /** The next requests get these, one each; later ones a plausible answer again. */
  next(...behaviours: ChatBehaviour[]): void;
  /** From now on all get these (a function is asked for each). */
  always(behave: (request: ChatRequest) => ChatBehaviour): void;
  close(): Promise<void>;
}

const usage = { prompt_tokens: 800, completion_tokens: 100 };

/** What the classifier's prompt asks for, from a model that cannot say which folder. */
export const filingAnswer = (overrides: Record<string, unknown> = {}) => ({
  caption: 'A letter from the town hall about a parking permit',
  tags: ['letter', 'parking'],
  folder: '(unclear)',
  newFolder: null,
  confidence: 0.9,
  reason: 'It is a letter from the town hall.',
  ...overrides,
});

/** The folders a request's schema allows. */
export const foldersIn = ({ body }: ChatRequest): string[] =>
  body.response_format?.json_schema?.schema.properties['folder']?.enum ?? [];

/** All that a request says in words. */
export const wordsIn = ({ body }: ChatRequest): string =>
  body.messages
    .flatMap(({ content }) => (typeof content === 'string' ? content : content.map(({ text }) => text ?? '')))
    .join('\n');

/** A server that speaks /v1/chat/completions and misbehaves on order. */
export async function startOpenAiServer(): Promise<OpenAiServer> {
  const requests: ChatRequest[] = [];
  const ordered: ChatBehaviour[] = [];
  let usual: (request: ChatRequest) => ChatBehaviour = () => ({ kind: 'answer', content: filingAnswer() });
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions')
      return sendStatus(response, { status: 404, message: 'no such route' });
    const body = (await json(incoming)) as ChatRequest['body'];
    const request = { authorization: incoming.headers.authorization, body };
    requests.push(request);
    send(response, ordered.shift() ?? usual(request), body.model);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    next: (...behaviours) => void ordered.push(...behaviours),
    always: (behave) => void (usual = behave),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, behaviour: ChatBehaviour, model: string): void {
  switch (behaviour.kind) {
    case 'answer':
      return sendJson(response, 200, completion(behaviour.content, behaviour.usage, model));
    case 'status':
      return sendStatus(response, behaviour);
    case 'hang':
      return;
    case 'half': {
      const bytes = JSON.stringify(completion(filingAnswer(), usage, model));
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
      response.write(bytes.slice(0, bytes.length / 2), () => {
        if (behaviour.then === 'drop') response.destroy();
      });
    }
  }
}

const completion = (content: unknown, counted: typeof usage | null | undefined, model: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_763_719_200,
  model,
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: {
        role: 'assistant',
        content: typeof content === 'string' ? content : JSON.stringify(content),
      },
    },
  ],
  ...(counted !== null && { usage: counted ?? usage }),
});

function sendStatus(
  response: ServerResponse,
  {
    status,
    message = 'ordered by the test',
    headers,
  }: { status: number; message?: string; headers?: Record<string, string> },
): void {
  sendJson(response, status, { error: { message, type: 'error', param: null, code: null } }, headers);
}

function sendJson(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}
