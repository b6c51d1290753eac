// Runs the remote client as the CLI does; what the launcher tells stands behind "# ".
import { runRemote } from '../dist/index.js'

const options = JSON.parse(process.argv[2] ?? '{}')
try {
  process.exitCode = await runRemote({ ...options, onLine: (line) => process.stdout.write(`# ${line}\n`) })
} catch (error) {
  process.stdout.write(`! ${error.code} ${error.message}\n`)
  process.exitCode = 9
}
