import { Suspense } from 'react'
import { Processes } from './processes.tsx'

const ProcessesPage = () => (
  <Suspense>
    <Processes />
  </Suspense>
)

export default ProcessesPage
