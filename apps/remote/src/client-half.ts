/** Entry of the process that runs a client half. */
import { ClientHalf } from './half/client-half.ts'

new ClientHalf().run()
