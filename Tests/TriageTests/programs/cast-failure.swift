// build: swiftc -g -Onone
class Animal {}
final class Dog: Animal {}
final class Cat: Animal {}
func dog(_ animal: Animal) -> Dog { animal as! Dog }
print(dog(Cat()))
