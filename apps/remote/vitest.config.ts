import { defineConfig } from 'vitest/config'

// Each test starts two processes; a machine with other work to do takes its time.
export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 } })
