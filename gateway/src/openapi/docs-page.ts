import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** swagger-ui's own files, of which only these are served, and the script that starts it. */
export const docsFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js'] as const;

export const swaggerUiDirectory = dirname(
  createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'),
);

/** Nothing inline and nothing from elsewhere; swagger-ui sets styles of elements and has icons as data. */
export const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Image Organizer: the API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** A token that was pasted in is kept until the tab is closed, not longer. */
export const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;
