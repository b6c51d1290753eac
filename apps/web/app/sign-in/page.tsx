import { Suspense } from 'react'
import { SignIn } from '../../src/shell/sign-in.tsx'
import { Splash } from '../../src/shell/splash.tsx'

const SignInPage = () => (
  <Suspense fallback={<Splash />}>
    <SignIn />
  </Suspense>
)

export default SignInPage
