import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Fixture halves are loaded by Node itself, as packages are, not by the test runner.
  test: { server: { deps: { external: [/tessera-half-/, /packages\/kit\/dist/] } }, testTimeout: 20_000 },
})
