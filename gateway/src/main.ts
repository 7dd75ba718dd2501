import { createPublicImageUrl } from '@image-organizer/adapters/library-tree/s3-keys';
import { runService } from '@image-organizer/pipeline/run-service';
import { readGatewayConfig } from './config.ts';
import { createGatewayService } from './service.ts';

await runService('gateway', readGatewayConfig, (servers, config) =>
  createGatewayService({
    ...servers,
    authUrl: config.authUrl,
    config,
    ...(config.s3 && { publicImageUrl: createPublicImageUrl(config.s3) }),
  }),
);
