// Packs a project in a process of its own, so that a test can choose its time zone, umask and working directory.
import { createHash } from 'node:crypto'
import { buildProject } from '@tessera/project'

process.umask(Number(process.argv[3]))
const { archive, digest } = await buildProject(process.argv[2])
process.stdout.write(`${digest} ${createHash('sha256').update(archive).digest('hex')}`)
