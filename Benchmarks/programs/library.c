void call(void (*function)(int), int number) {
  function(number);
}
