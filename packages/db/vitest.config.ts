import { defineConfig } from 'vitest/config'

// These tests wait for a disk, and for other programs.
export default defineConfig({ test: { include: ['src/**/*.test.ts'], testTimeout: 30_000 } })
