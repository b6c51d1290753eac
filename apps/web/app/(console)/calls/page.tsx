import { Suspense } from 'react'
import { Calls } from './calls.tsx'

const CallsPage = () => (
  <Suspense>
    <Calls />
  </Suspense>
)

export default CallsPage
