/** Shared by jest.config.js and jest.e2e.config.js. swc emits CommonJS: native-ESM jest leaks memory between files. */
export const base = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', 'require', 'default'] },
  transform: {
    '^.+\\.c?[tj]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These packages ship ESM only; the exporter is CommonJS that calls import(), which jest refuses.
  transformIgnorePatterns: [
    '/node_modules/(?!(@rapideditor/country-coder|exif-reader|stopword|@opentelemetry/otlp-exporter-base)/)',
  ],
  modulePathIgnorePatterns: ['<rootDir>/data/'],
};
