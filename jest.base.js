/** Shared by jest.config.js and jest.e2e.config.js. swc emits CommonJS: native-ESM jest leaks memory between files. */
export const base = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', 'require', 'default'] },
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These packages ship ESM only.
  transformIgnorePatterns: ['/node_modules/(?!(@rapideditor/country-coder|exif-reader|stopword)/)'],
  modulePathIgnorePatterns: ['<rootDir>/data/'],
};
