// Run by `helm test` in the gateway's image: logs in, uploads an image made here, waits until it is organised.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const { GATEWAY_URL, ADMIN_EMAIL, ADMIN_PASSWORD } = process.env;
const patienceMs = 180_000;
const deadline = Date.now() + patienceMs;

/** A 64 × 64 BMP of random pixels: never a duplicate of what an earlier test has uploaded. */
function bmp() {
  const [side, header] = [64, 54];
  const pixels = randomBytes(side * side * 3);
  const head = Buffer.alloc(header);
  head.write('BM');
  head.writeUInt32LE(header + pixels.length, 2);
  head.writeUInt32LE(header, 10); // where the pixels begin
  head.writeUInt32LE(40, 14); // BITMAPINFOHEADER
  head.writeInt32LE(side, 18);
  head.writeInt32LE(side, 22);
  head.writeUInt16LE(1, 26); // planes
  head.writeUInt16LE(24, 28); // bits a pixel
  head.writeUInt32LE(pixels.length, 34);
  return Buffer.concat([head, pixels]);
}

/** Again while the answer is 503 or none, for the release may just be starting. */
async function ask(path, options = {}) {
  for (;;) {
    const answer = await fetch(GATEWAY_URL + path, options).catch((error) => ({ status: 0, error }));
    if (answer.ok) return answer.json();
    const reason = answer.error ? String(answer.error.cause ?? answer.error) : await answer.text();
    if ((answer.status !== 0 && answer.status !== 503) || Date.now() > deadline)
      throw new Error(`${options.method ?? 'GET'} ${path}: ${answer.status} ${reason}`);
    await sleep(1_000);
  }
}

const basic = Buffer.from(`${ADMIN_EMAIL}:${ADMIN_PASSWORD}`).toString('base64');
const session = await ask('/login', { method: 'POST', headers: { authorization: `Basic ${basic}` } });
const headers = { authorization: `Bearer ${session.accessToken}` };
console.log(`logged in as ${ADMIN_EMAIL}`);

const body = new FormData();
body.append('file', new Blob([bmp()]), 'helm-test.bmp');
const idempotent = { ...headers, 'idempotency-key': `helm-test-${randomBytes(8).toString('hex')}` };
const { batchId } = await ask('/upload', { method: 'POST', headers: idempotent, body });
console.log(`uploaded an image, batch ${batchId}`);

for (;;) {
  const batch = await ask(`/api/batches/${batchId}`, { headers });
  if (batch.failed > 0) throw new Error(`the image failed: ${JSON.stringify(batch.images.items)}`);
  if (batch.organized === 1) {
    console.log(`organised: ${JSON.stringify(batch.images.items[0])}`);
    break;
  }
  if (Date.now() > deadline)
    throw new Error(`not organised after ${patienceMs / 1000} s: ${JSON.stringify(batch)}`);
  await sleep(1_000);
}
