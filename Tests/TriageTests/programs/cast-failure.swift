// build: swiftc -g -Onone
// class: deliberate_trap
// says: ud2 in main.dog
class Animal {}
final class Dog: Animal {}
final class Cat: Animal {}
func dog(_ animal: Animal) -> Dog { animal as! Dog }
print(dog(Cat()))
