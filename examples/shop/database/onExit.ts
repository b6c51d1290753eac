import { print } from '../lib/client/terminal.ts'

export default (): void => print('Goodbye, and come again.')
