import { noLibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { createS3Library } from '@image-organizer/adapters/library-tree/s3';
import { runService } from '@image-organizer/pipeline/run-service';
import { createSweeper } from '@image-organizer/pipeline/sweeper';
import { combineServices } from '@image-organizer/platform/service';
import { readOrganizerConfig } from './config.ts';
import { createOrganizerService } from './service.ts';

await runService('organizer', readOrganizerConfig, (servers, config) => {
  const s3 = config.s3 && createS3Library({ ...config.s3, blobs: servers.blobs });
  const service = combineServices('organizer', [
    createOrganizerService({ ...servers, library: s3 ?? noLibraryTree }),
    createSweeper({ ...servers, ...config }), // of all replicas, the one that holds the lease sweeps
  ]);
  return {
    ...service,
    async stop() {
      await service.stop();
      await s3?.close();
    },
  };
});
