import { noLibraryTree } from '@image-organizer/adapters/library-tree/library-tree';
import { runService } from '@image-organizer/pipeline/run-service';
import { createSweeper } from '@image-organizer/pipeline/sweeper';
import { combineServices } from '@image-organizer/platform/service';
import { readOrganizerConfig } from './config.ts';
import { createOrganizerService } from './service.ts';

await runService('organizer', readOrganizerConfig, (servers, config) =>
  combineServices('organizer', [
    createOrganizerService({ ...servers, library: noLibraryTree }),
    createSweeper({ ...servers, ...config }), // of all replicas, the one that holds the lease sweeps
  ]),
);
