// The one door behind `npm start`, `npm test` and their siblings. It must also run on a Node that is too old, in order
// to say so: nothing here, and nothing imported statically, may need a newer one.
import { checkNodeVersion } from './bootstrap/node-version.mjs'

const problem = checkNodeVersion(process.versions.node)
if (problem) {
  console.error(problem)
  process.exitCode = 1
} else {
  import('./bootstrap/verbs.mjs').then((verbs) => verbs.runVerb(process.argv[2] || 'start', process.argv.slice(3)))
}
