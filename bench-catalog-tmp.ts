import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createSqliteCatalog } from '/work/main/lib/adapters/catalog/sqlite.ts';
import { newImage, outboxEntry, extractResult, classifyResult, organizeResult, newBatch } from '/work/main/lib/testing/builders.ts';
const dir = process.env.BENCH_DIR ?? '/tmp/bench-catalog'; rmSync(dir, { recursive: true, force: true });
const catalog = createSqliteCatalog({ path: dir + '/c.sqlite' });
const N = Number(process.argv[2] ?? 20000);
const vocab = Array.from({ length: 8000 }, (_, i) => 'w' + ((i * 2654435761) >>> 0).toString(36));
let seed = 1; const rnd = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const word = () => vocab[Math.floor(rnd() ** 3 * vocab.length)]!;
const text = (n: number) => Array.from({ length: n }, word).join(' ');
const ownerId = randomUUID(); const batchId = randomUUID();
const t = { accept: 0, claim: 0, complete: 0 };
const folders = Array.from({ length: 100 }, (_, i) => `Area${i % 10}/Folder${i}`);
for (const path of folders) await catalog.ensureFolder({ ownerId, path, description: '', commonWords: [], createdBy: 'auto', now: new Date() });
for (let i = 0; i < N; i++) {
  const image = newImage({ ownerId, batchId: i % 200 === 0 ? batchId : randomUUID(), filename: `${word()}_${i}.jpg`, size: Math.floor(rnd() * 1e6), uploadedAt: new Date(Date.UTC(2026, 0, 1) + i * 1000) });
  const ev = outboxEntry();
  const results = { extract: extractResult({ text: text(200) }), classify: classifyResult({ caption: text(8), tags: [word(), word()] }), organize: organizeResult({ folder: folders[Math.floor(rnd() * 100)]!, filename: image.filename }) };
  let s = performance.now(); await catalog.acceptImage(image, ev); t.accept += performance.now() - s;
  await catalog.markPublished(ev);
  for (const stage of ['extract', 'classify', 'organize'] as const) {
    const now = new Date(); const e = stage === 'organize' ? null : outboxEntry();
    s = performance.now(); const c = await catalog.claimStage({ ownerId, imageId: image.id, stage, owner: 'w', now, leaseMs: 30000 }); t.claim += performance.now() - s;
    if (c.kind !== 'claimed') throw new Error(c.kind);
    s = performance.now(); await catalog.completeStage({ imageId: image.id, stage, epoch: c.epoch } as any, { result: results[stage] as any, durationMs: 10, now, event: e }); t.complete += performance.now() - s;
    if (e) await catalog.markPublished(e);
  }
  if (i === 1999) console.log('per image after 2000, ms', ((t.accept + t.claim + t.complete) / 2000).toFixed(2));
}
for (const [k, v] of Object.entries(t)) console.log(k, (v / N).toFixed(3), 'ms per image');
await catalog.close(); rmSync(dir,{recursive:true,force:true}); process.exit(0);
async function p95(name: string, f: (i: number) => Promise<any>, runs = 40) {
  const d: number[] = []; let n = 0;
  for (let i = 0; i < runs; i++) { const s = performance.now(); const r = await f(i); d.push(performance.now() - s); n = r?.items?.length ?? r?.length ?? n; }
  d.sort((a, b) => a - b); console.log(name.padEnd(34), 'p50', d[runs >> 1]!.toFixed(1), 'p95', d[Math.ceil(runs * .95) - 1]!.toFixed(1), 'items', n);
}
const base = { ownerId, limit: 50, sort: '-uploadedAt' as const };
await p95('list newest', () => catalog.listImages(base));
for (const sort of ['filename', '-size'] as const) await p95('list ' + sort, () => catalog.listImages({ ...base, sort }));
await p95('deep page', async () => { let cursor; for (let k = 0; k < 5; k++) cursor = (await catalog.listImages({ ...base, limit: 200, ...(cursor ? { cursor } : {}) })).nextCursor!; return []; }, 5);
await p95('folder leaf', (i) => catalog.listImages({ ...base, folder: folders[i % 100]! }));
await p95('folder subtree (10%)', (i) => catalog.listImages({ ...base, folder: `Area${i % 10}` }));
await p95('folder subtree by filename', (i) => catalog.listImages({ ...base, sort: 'filename', folder: `Area${i % 10}` }));
await p95('folder none', () => catalog.listImages({ ...base, folder: 'Nope' }));
await p95('tag common', () => catalog.listImages({ ...base, tag: vocab[0]! }));
await p95('tag rare', () => catalog.listImages({ ...base, tag: vocab[7000]! }));
await p95('batch', () => catalog.listImages({ ...base, batchId }));
await p95('status', () => catalog.listImages({ ...base, status: 'organized' }));
await p95('status none', () => catalog.listImages({ ...base, status: 'failed' }));
await p95('format none', () => catalog.listImages({ ...base, format: 'png' }));
await p95('search every image (w*)', () => catalog.listImages({ ...base, q: 'w' }));
await p95('search common word', () => catalog.listImages({ ...base, q: vocab[0]! }));
await p95('search rare word', (i) => catalog.listImages({ ...base, q: vocab[5000 + i]! }));
await p95('search 2 words', (i) => catalog.listImages({ ...base, q: vocab[i]! + ' ' + vocab[50 + i]! }));
await p95('search prefix 2', (i) => catalog.listImages({ ...base, q: vocab[i]!.slice(0, 3) }));
await p95('search + folder by size', (i) => catalog.listImages({ ...base, sort: 'size', q: vocab[i]!, folder: `Area${i % 10}` }));
await p95('stats', () => catalog.stats(ownerId));
await p95('listFolders', () => catalog.listFolders(ownerId));
await p95('refreshFolder', (i) => catalog.refreshFolder(ownerId, folders[i % 100]!) as any);
await p95('freeFilename', (i) => catalog.freeFilename({ ownerId, folder: folders[i % 100]!, filename: 'x.jpg', imageId: 'x' }) as any);
await p95('stuckStages', () => catalog.stuckStages({ now: new Date(), idleSince: new Date(), limit: 500 }));
await p95('claim: outbox due', () => catalog.dueOutbox(100));
await catalog.close(); rmSync(dir, { recursive: true, force: true });
