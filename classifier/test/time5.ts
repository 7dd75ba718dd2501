import { createLocalClassifier } from '/work/main/classifier/src/domain/local-classifier.ts';
import { corpus, noisy, seededRandom } from '/work/main/classifier/test/corpus/corpus.ts';
const c = createLocalClassifier({ reviewBelow: 0.5 });
const all = corpus.flatMap((s) => s.text.toLowerCase().match(/\p{L}{3,}/gu)!);
const r = seededRandom(3);
const folders = Array.from({ length: 500 }, (_, i) => ({ path: `F${i}/x`, description: 'things of this kind', createdBy: 'auto' as const, commonWords: Array.from({ length: 50 }, () => all[Math.floor(r() * all.length)]!) }));
const opt = { signal: new AbortController().signal };
for (const [n, fs] of [['0', []], ['500', folders]] as const) {
  const t: number[] = [];
  for (const s of corpus) { const a = performance.now(); await c.decide({ filename: 'a.jpg', metadata: null, text: s.text, requestedFolder: null }, fs as any, opt); t.push(performance.now() - a); }
  t.sort((a, b) => a - b); console.log(n, 'folders: median', t[44]!.toFixed(1), 'p95', t[83]!.toFixed(1), 'ms');
}
const big = Array.from({ length: 100000 }, () => all[Math.floor(r() * all.length)]! + (r() < .3 ? 'qx' : '')).join(' ');
let a = performance.now(); await c.decide({ filename: 'a.jpg', metadata: null, text: big, requestedFolder: null }, folders, opt); console.log('100k words', (performance.now() - a).toFixed(0), 'ms');
for (let seed = 0; seed <= 5; seed++) {
  const rr = seededRandom(seed); let right = 0, ws = 0; const conf: [number, boolean][] = [];
  for (const s of corpus) { const d = await c.decide({ filename: 'u.jpg', metadata: null, text: seed ? noisy(s.text, rr) : s.text, requestedFolder: null }, [], opt); if (d.toDir === s.expected) right++; else if (!d.needsReview) { ws++; console.log('  ', s.name, d.toDir, d.confidence); } }
  console.log(seed ? 'noise ' + seed : 'clean', right, ws, corpus.length);
}
