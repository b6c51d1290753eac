import { Suspense } from 'react'
import { Sessions } from './sessions.tsx'

const SessionsPage = () => (
  <Suspense>
    <Sessions />
  </Suspense>
)

export default SessionsPage
