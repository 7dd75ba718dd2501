import { createHash, randomUUID } from 'node:crypto';
import type { Decision } from '@image-organizer/contracts/decision';
import type { UploadCatalog } from '@image-organizer/adapters/catalog/catalog';
import type {
  ExtractResult,
  NewImage,
  OutboxEntry,
  PlacementRecord,
  Rendition,
  StageResults,
} from '@image-organizer/adapters/catalog/records';

/** Plausible records for tests; say only what the test is about. Ids are new at every call. */

export const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');

/** An upload of a receipt, its bytes like no other's. */
export function newImage(overrides: Partial<NewImage> = {}): NewImage {
  const id = overrides.id ?? randomUUID();
  return {
    id,
    ownerId: randomUUID(),
    ownerEmail: 'ada@example.org',
    batchId: randomUUID(),
    filename: 'receipt.jpg',
    contentType: 'image/jpeg',
    size: 120_000,
    sha256: sha256Of(id),
    lane: 'interactive',
    requestId: 'request-1',
    requestedFolder: null,
    uploadedAt: new Date('2026-11-21T09:00:00.000Z'),
    idempotencyKey: null,
    ...overrides,
  };
}

export const newBatch = (
  overrides: Partial<Parameters<UploadCatalog['openBatch']>[0]> = {},
): Parameters<UploadCatalog['openBatch']>[0] => ({
  id: randomUUID(),
  kind: 'upload',
  ownerId: randomUUID(),
  ownerEmail: 'ada@example.org',
  notify: true,
  callbackUrl: null,
  requestId: 'request-1',
  createdAt: new Date('2026-11-21T09:00:00.000Z'),
  expiresAt: new Date('2026-11-21T10:00:00.000Z'),
  idempotencyKey: null,
  ...overrides,
});

export const outboxEntry = (overrides: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: randomUUID(),
  event: 'image.uploaded',
  version: 1,
  data: { imageId: randomUUID(), ownerId: randomUUID() },
  lane: 'interactive',
  requestId: 'request-1',
  createdAt: new Date('2026-11-21T09:00:00.000Z'),
  ...overrides,
});

export const rendition = (overrides: Partial<Rendition> = {}): Rendition => ({
  blobId: `${randomUUID()}/small.1.webp`,
  contentType: 'image/webp',
  width: 160,
  height: 240,
  size: 4_000,
  sha256: sha256Of('rendition'),
  ...overrides,
});

export const extractResult = (overrides: Partial<ExtractResult> = {}): ExtractResult => ({
  metadata: {
    width: 800,
    height: 1_200,
    format: 'jpeg',
    orientation: 1,
    takenAt: '2024-05-01T12:00:00',
    camera: null,
    location: null,
  },
  renditions: { small: rendition(), medium: rendition(), compressed: rendition() },
  text: 'CITY MARKET\nTotal 12.50',
  textConfidence: 91,
  language: 'eng',
  ...overrides,
});

export const decision = (overrides: Partial<Decision> = {}): Decision => ({
  filename: 'receipt.jpg',
  isNewDir: false,
  toDir: 'Receipts',
  description: null,
  commonWords: [],
  caption: 'Receipt from City Market',
  tags: ['receipt', 'groceries'],
  confidence: 0.82,
  reason: 'It looks like a receipt: the word "total".',
  runnerUp: { folder: 'Invoices', confidence: 0.31 },
  matchedWords: ['total'],
  needsReview: false,
  suggestions: ['Receipts', 'Invoices'],
  model: 'local',
  promptVersion: 'taxonomy-1',
  ...overrides,
});

export const placement = (overrides: Partial<PlacementRecord> = {}): PlacementRecord => ({
  folder: 'Receipts',
  filename: 'receipt.jpg',
  by: 'auto',
  confidence: 0.82,
  reason: 'It looks like a receipt: the word "total".',
  runnerUp: { folder: 'Invoices', confidence: 0.31 },
  matchedWords: ['total'],
  needsReview: false,
  suggestions: ['Receipts', 'Invoices'],
  model: 'local',
  promptVersion: 'taxonomy-1',
  ...overrides,
});

export const classifyResult = (overrides: Partial<Decision> = {}): StageResults['classify'] => ({
  decision: decision(overrides),
});

export const organizeResult = (overrides: Partial<PlacementRecord> = {}): StageResults['organize'] => ({
  placement: placement(overrides),
});

/** What each stage leaves in a receipt. */
export const stageResults = (overrides: Partial<StageResults> = {}): StageResults => ({
  extract: extractResult(),
  classify: classifyResult(),
  organize: organizeResult(),
  ...overrides,
});
