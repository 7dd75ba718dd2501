import type { Batch } from '@image-organizer/contracts/http/batch';
import type { DeadLetterGroup, DeadLetterView } from '@image-organizer/contracts/http/dead-letter';
import type { Folder } from '@image-organizer/contracts/http/folder';
import type { HistoryEntry, Image } from '@image-organizer/contracts/http/image';
import type { Account, Session } from '@image-organizer/contracts/http/session';
import type { Stats } from '@image-organizer/contracts/http/stats';
import type { UploadAnswer } from '@image-organizer/contracts/http/upload';
import type { Import, ImportRowView, ImportSummary } from '@image-organizer/contracts/http/import';
import { createLinks } from '../http/links.ts';

// One story: a receipt is uploaded and put into a folder. The ids are those of the events' fixtures.
const id = '0190a5e0-0000-7000-8000-000000000001';
const batchId = '0190a5e0-0000-7000-8000-000000000003';
const uploadedAt = '2026-11-21T09:00:00.000Z';
const links = createLinks('');
const list = <Item>(item: Item) => ({ items: [item], nextCursor: null });
const done = (durationMs: number) => ({ status: 'done' as const, attempts: 1, durationMs, error: null });

export const accountExample: Account = {
  id: '0190a5e0-0000-7000-8000-000000000002',
  email: 'anna@example.com',
  role: 'user',
};

export const sessionExample: Session = {
  accessToken: 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTkwIn0.c2lnbmF0dXJl',
  refreshToken: 'dGhlIHJlZnJlc2ggdG9rZW4gb2YgdGhlIGV4YW1wbGU',
  expiresIn: 900,
  tokenType: 'Bearer',
};

export const uploadExample: UploadAnswer = {
  batchId,
  images: [{ id, filename: 'receipt-1.jpg', status: 'queued' }],
  refused: [
    { filename: 'notes.txt', code: 'UNSUPPORTED_IMAGE', detail: 'The file is no image that can be read.' },
  ],
  links: { batch: links.batch(batchId) },
};

export const imageExample: Image = {
  id,
  batchId,
  filename: 'receipt-1.jpg',
  contentType: 'image/jpeg',
  size: 182_044,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  status: 'organized',
  uploadedAt,
  duplicateOf: null,
  metadata: {
    width: 900,
    height: 1600,
    format: 'jpeg',
    orientation: 1,
    takenAt: '2026-11-20T18:31:07',
    camera: 'Canon EOS R6',
    location: { latitude: 52.52, longitude: 13.405 },
  },
  text: 'CORNER DINER\nTotal 12.00',
  textConfidence: 91.5,
  language: 'eng',
  caption: 'Receipt of a diner over 12.00',
  tags: ['receipt', 'diner'],
  placement: {
    folder: 'Receipts',
    by: 'auto',
    confidence: 0.93,
    reason: 'It reads like the other receipts: total, diner.',
    runnerUp: { folder: 'Invoices', confidence: 0.21 },
    matchedWords: ['total', 'diner'],
    needsReview: false,
    suggestions: [],
    filename: 'receipt-1.jpg',
    model: 'local',
    promptVersion: '1',
  },
  deletedAt: null,
  stages: { extract: done(840), classify: done(12), organize: done(6) },
  links: links.image(id),
};
export const imageListExample = list(imageExample);

export const historyExample: { id: string; items: HistoryEntry[] } = {
  id,
  items: [
    { at: uploadedAt, stage: 'upload', event: 'accepted', attempt: null, durationMs: null, error: null },
    {
      at: '2026-11-21T09:00:01.000Z',
      stage: 'extract',
      event: 'done',
      attempt: 1,
      durationMs: 840,
      error: null,
    },
  ],
};

export const batchExample: Batch = {
  id: batchId,
  status: 'completed',
  total: 1,
  organized: 1,
  failed: 0,
  createdAt: uploadedAt,
  completedAt: '2026-11-21T09:00:02.000Z',
  images: imageListExample,
};

const folderExample: Folder = {
  path: 'Receipts',
  description: 'Receipts of shops and diners',
  commonWords: ['total', 'vat'],
  count: 1,
  createdBy: 'auto',
};
export const folderListExample = list(folderExample);

const stage = (meanMs: number, p95Ms: number) => ({ count: 1, failed: 0, meanMs, p95Ms });
export const statsExample: Stats = {
  images: { total: 1, queued: 0, processing: 0, organized: 1, failed: 0 },
  successRate: 1,
  averageProcessingMs: 2_000,
  stages: { extract: stage(840, 840), classify: stage(12, 12), organize: stage(6, 6) },
  bytes: 182_044,
  llm: { calls: 0, promptTokens: 0, completionTokens: 0, costUsd: 0, callsAvoided: 1 },
};

export const deadLetterGroupExample: DeadLetterGroup = {
  id: '5d41402abc4b2a76',
  queue: 'ocr.image-uploaded',
  error: 'DEADLINE: It took longer than … s.',
  code: 'DEADLINE',
  count: 3,
  oldestAt: uploadedAt,
  newestAt: uploadedAt,
  sampleIds: ['0190a5e0-0000-7000-8000-00000000000e'],
};

export const deadLetterExample: DeadLetterView = {
  id: '0190a5e0-0000-7000-8000-00000000000e',
  queue: 'ocr.image-uploaded',
  event: 'image.uploaded',
  reason: 'DEADLINE: It took longer than 120 s.',
  occurredAt: uploadedAt,
  requestId: null,
  imageId: id,
  batchId: null,
};

const importSummaryExample: ImportSummary = {
  id: batchId,
  filename: 'products.csv',
  status: 'running',
  rows: { total: 2, done: 1, failed: 0 },
  createdAt: uploadedAt,
  completedAt: null,
  links: links.import(batchId),
};
export const importListExample = list(importSummaryExample);

const urlError = {
  code: 'URL_NOT_HTTP',
  detail: 'Only URLs that begin with http:// or https:// are fetched.',
};
export const importExample: Import = {
  ...importSummaryExample,
  images: { total: 1, organized: 1, failed: 0 },
  errors: [{ row: 3, column: 'Input Image Urls', value: 'ftp://example.com/pan.png', ...urlError }],
};

const importRowExample: ImportRowView = {
  row: 3,
  serialNumber: '2',
  productName: 'Pan',
  status: 'pending',
  attempts: 0,
  urls: [
    { url: 'https://example.com/pan.jpg', status: 'pending', imageId: null, error: null },
    { url: 'ftp://example.com/pan.png', status: 'failed', imageId: null, error: urlError },
  ],
  errors: [],
};
export const importRowListExample = list(importRowExample);
