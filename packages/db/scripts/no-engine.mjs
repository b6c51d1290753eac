#!/usr/bin/env node
// Stands where Prisma looks for its native schema engine, which `prisma generate` wants to find and never calls.
// It fails aloud, so that a Prisma command that would call it cannot seem to have worked.
process.stderr.write('There is no native Prisma schema engine here: use scripts/make-migration.mjs.\n')
process.exit(1)
