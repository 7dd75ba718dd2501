import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a client sends that no well-behaved library would. */
export async function sendRaw(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const sent = request(url, { method: 'POST', headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, body: JSON.parse(await text(answer)) as Record<string, unknown> };
}

export interface Part {
  filename?: string;
  /** Instead of `filename`: what stands behind `name="…"; `. */
  disposition?: string;
  name?: string;
  content: Buffer | string;
}

export const boundary = 'a-boundary';
export const multipart = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };

/** A multipart body without its end. */
export function openBody(parts: Part[]): Buffer {
  return Buffer.concat(
    parts.flatMap(({ name = 'file', filename, disposition, content }) => {
      const rest = disposition ?? (filename === undefined ? undefined : `filename="${filename}"`);
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${rest ? `; ${rest}` : ''}\r\n\r\n`;
      return [Buffer.from(head), Buffer.from(content as string), Buffer.from('\r\n')];
    }),
  );
}

export const wholeBody = (parts: Part[]) =>
  Buffer.concat([openBody(parts), Buffer.from(`--${boundary}--\r\n`)]);
