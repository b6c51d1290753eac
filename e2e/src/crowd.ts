import { fileURLToPath } from 'node:url'
import { Program } from './program.ts'

const script = fileURLToPath(new URL('./crowd.mjs', import.meta.url))

/** Many clients in one child process. Whoever starts it signals it to end. */
export const startCrowd = (url: string, count: number, prefix: string): Program => Program.node([script, url, String(count), prefix])
