import { describeBatches } from './catalog-suite/batches.ts';
import { describeChanges } from './catalog-suite/changes.ts';
import { describeClaims } from './catalog-suite/claims.ts';
import { describeCorrections } from './catalog-suite/corrections.ts';
import { describeDeliveries } from './catalog-suite/deliveries.ts';
import { describeFolderChanges } from './catalog-suite/folder-changes.ts';
import { describeFolders } from './catalog-suite/folders.ts';
import type { CatalogHarness } from './catalog-suite/harness.ts';
import { describeImports } from './catalog-suite/imports.ts';
import { describeLeases } from './catalog-suite/leases.ts';
import { describeLibrary } from './catalog-suite/library.ts';
import { describeOutbox } from './catalog-suite/outbox.ts';
import { describeReprocess } from './catalog-suite/reprocess.ts';
import { describeReview } from './catalog-suite/review.ts';
import { describeSearch } from './catalog-suite/search.ts';
import { describeSpending } from './catalog-suite/spending.ts';
import { describeStages } from './catalog-suite/stages.ts';
import { describeStuckStages } from './catalog-suite/stuck-stages.ts';
import { describeUploads } from './catalog-suite/uploads.ts';
import { describeWebhooks } from './catalog-suite/webhooks.ts';

export type { CatalogHarness } from './catalog-suite/harness.ts';

/**
 * The specification of Catalog: every adapter passes it against the real thing. Each test has a catalogue of its own.
 * @param makeCatalog an empty catalogue
 */
export function describeCatalog(name: string, makeCatalog: () => Promise<CatalogHarness>): void {
  describe(`catalogue: ${name}`, () => {
    let harness: CatalogHarness;
    beforeEach(async () => {
      harness = await makeCatalog();
    });
    afterEach(() => harness.dispose());

    const groups = [
      describeUploads,
      describeBatches,
      describeClaims,
      describeStages,
      describeStuckStages,
      describeOutbox,
      describeDeliveries,
      describeSpending,
      describeCorrections,
      describeChanges,
      describeLibrary,
      describeSearch,
      describeFolders,
      describeFolderChanges,
      describeReview,
      describeReprocess,
      describeImports,
      describeLeases,
      describeWebhooks,
    ];
    for (const describeGroup of groups) describeGroup(() => harness);
  });
}
