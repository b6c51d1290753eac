import type { ReactNode } from 'react'
import { ConsoleShell } from '../../src/shell/console-shell.tsx'

const ConsoleLayout = ({ children }: { children: ReactNode }) => <ConsoleShell>{children}</ConsoleShell>

export default ConsoleLayout
