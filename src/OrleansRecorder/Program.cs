Console.WriteLine("recorder");
