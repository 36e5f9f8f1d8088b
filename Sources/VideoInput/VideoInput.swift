// VideoInput
