import tseslint from 'typescript-eslint';

/** npm packages that talk to a server, an engine or a native library: only an adapters/ folder may import them. */
const drivers = [
  '@aws-sdk/client-s3',
  'amqplib',
  'ipaddr.js',
  'mongodb',
  'mysql2',
  'mysql2/promise',
  'nodemailer',
  'openai',
  'tesseract.js',
  'sharp',
  'node:sqlite',
];

/** The layers, lowest first: each may import from itself and from those before it. */
const layers = [
  ['lib/contracts', 'contracts'],
  ['lib/platform', 'platform'],
  ['lib/adapters', 'adapters'],
  ['lib/pipeline', 'pipeline'],
  ['services', 'gateway', 'auth', 'ocr', 'classifier', 'organizer', 'notification', 'importer'],
  ['standalone', 'standalone'],
];
const services = layers[4].slice(1);
const packageOf = (name) => [`@image-organizer/${name}`, `@image-organizer/${name}/*`];

/** What the code of `folder` may not import, `forbidden` packages of ours and drivers outside adapters/. */
const restrict = (folder, forbidden, { allowDrivers = false } = {}) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: allowDrivers
          ? []
          : drivers.map((name) => ({
              name,
              message: 'A driver is imported only inside an adapters/ folder.',
            })),
        patterns: forbidden.length
          ? [
              {
                group: forbidden.flatMap(packageOf),
                message:
                  'Imports run contracts ← platform ← adapters ← pipeline ← services ← standalone, never back or sideways.',
              },
            ]
          : [],
      },
    ],
  },
});

const layerRules = layers.slice(0, 4).map(([folder], index) =>
  restrict(
    folder,
    layers
      .slice(index + 1)
      .flatMap(([, ...names]) => names)
      .concat('testing'),
    { allowDrivers: folder === 'lib/adapters' },
  ),
);
const serviceRules = services.flatMap((service) => {
  const forbidden = [...services.filter((other) => other !== service), 'standalone', 'testing'];
  return [
    restrict(`${service}/src`, forbidden),
    restrict(`${service}/src/adapters`, forbidden, { allowDrivers: true }),
  ];
});

export default tseslint.config(
  { ignores: ['**/node_modules/', 'data/', '**/*.js', '**/*.mjs', 'bench/results/'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/unbound-method': 'off', // services and adapters are closures: no method needs its `this`
      '@typescript-eslint/require-await': 'off', // a port's method is async even where one adapter has nothing to await
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only a config.ts reads the environment.',
        },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  ...layerRules,
  // A contract suite is run by the test beside an adapter, so tests may import lib/testing.
  { files: ['lib/**/*.test.ts', '**/test/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  ...serviceRules,
  {
    files: ['**/config.ts', '**/*.test.ts', 'e2e/**', 'bench/**', 'scripts/**', 'lib/testing/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', 'lib/testing/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any(), response.body
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  { files: ['scripts/**', 'bench/**', 'standalone/src/**'], rules: { 'no-console': 'off' } },
);
